namespace Mos;

/// <summary>Exceptions in one line, without stack and parameter names.</summary>
internal static class Failure
{
    public static string Describe(Exception exception)
    {
        if (exception is TypeInitializationException { InnerException: Exception cause })
        {
            return Describe(cause);
        }

        string line = exception.Message.Split(['\r', '\n'], 2)[0];
        return exception is ArgumentException { ParamName: string name } ? line.Replace($" (Parameter '{name}')", "") : line;
    }
}
