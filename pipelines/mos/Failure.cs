using System.Reflection;

namespace Mos;

/// <summary>Exceptions in one line: the cause without its wrappers, without stack and parameter names.</summary>
internal static class Failure
{
    public static string Describe(Exception exception)
    {
        while (exception is TargetInvocationException or AggregateException or TypeInitializationException
            && exception.InnerException is Exception inner)
        {
            exception = inner;
        }

        string line = exception.Message.Split(['\r', '\n'], 2)[0];
        return exception is ArgumentException { ParamName: string name } ? line.Replace($" (Parameter '{name}')", "") : line;
    }
}
