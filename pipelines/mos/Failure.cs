namespace Mos;

/// <summary>Describes exceptions to users of the command line.</summary>
internal static class Failure
{
    /// <summary>One line, without the names of parameters, which users do not see.</summary>
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
