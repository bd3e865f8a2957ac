namespace MosService;

/// <summary>A request that cannot be served. The message goes to the client: what is wrong, and the remedy.</summary>
internal sealed class RequestException(int statusCode, string message) : Exception(message)
{
    public int StatusCode => statusCode;
}
