using System.Reflection;

namespace Mos;

/// <summary>Exceptions in one line: the cause without its wrappers, without stack and parameter names.</summary>
internal static class Failure
{
    public static string Describe(Exception exception)
    {
        // The official ML.NET wraps what a component's loader throws more than once; the innermost wrapper holds the cause.
        for (Exception? wrapper = exception; wrapper is not null; wrapper = wrapper.InnerException)
        {
            if (wrapper is TargetInvocationException or AggregateException or TypeInitializationException
                && wrapper.InnerException is Exception inner)
            {
                exception = inner;
            }
        }

        string line = exception.Message.Split(['\r', '\n'], 2)[0];
        return exception is ArgumentException { ParamName: string name } ? line.Replace($" (Parameter '{name}')", "") : line;
    }
}
