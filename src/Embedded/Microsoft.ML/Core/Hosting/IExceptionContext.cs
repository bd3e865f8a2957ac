namespace Microsoft.ML.Runtime;

/// <summary>Notes in an exception which component throws it.</summary>
public interface IExceptionContext
{
    string ContextDescription { get; }

    TException Process<TException>(TException ex)
        where TException : Exception;
}
