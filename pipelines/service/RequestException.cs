namespace MosService;

/// <summary>A request that cannot be served. The message goes to the client: what is wrong, and the remedy.</summary>
/// <param name="statusCode">The status of the answer.</param>
/// <param name="message">What is wrong, and the remedy.</param>
/// <param name="parameter">The member of the body that is at fault, if one is.</param>
/// <param name="code">A name of the error that programs can read; null for none.</param>
internal sealed class RequestException(int statusCode, string message, string? parameter = null, string? code = null) : Exception(message)
{
    public int StatusCode => statusCode;

    public string? Parameter => parameter;

    public string? Code => code;
}
