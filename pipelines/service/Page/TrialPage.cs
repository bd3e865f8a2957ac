using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MosService.Page;

/// <summary>
/// <c>GET /</c>: a page to try a model on, in one file. Its content security policy admits the style and the script that are in it, by their
/// hashes, and requests to this service.
/// </summary>
internal static class TrialPage
{
    private static readonly string s_style = Read("page.css"), s_script = Read("page.js");

    private static readonly string s_html = Read("page.html")
        .Replace("{style}", s_style, StringComparison.Ordinal).Replace("{script}", s_script, StringComparison.Ordinal);

    private static readonly string s_policy =
        $"default-src 'none'; style-src {HashOf(s_style)}; script-src {HashOf(s_script)}; img-src data:; connect-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static ContentHttpResult Get(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = s_policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        return TypedResults.Text(s_html, "text/html", Encoding.UTF8);
    }

    private static string Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static string HashOf(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}
