using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>A folder of token files, for texts that do not fit into memory, and for runs that read the same text again.</summary>
/// <param name="folder">The folder.</param>
/// <param name="key">What tells the text from others; null for a file of this run alone.</param>
/// <param name="patience">How long it waits for another process that writes the same file and does not get on.</param>
internal sealed class TokenCache(string folder, string? key, TimeSpan patience)
{
    /// <summary>The text, of a file that is there or is written now.</summary>
    /// <param name="rows">The data, not read if there is a file of it.</param>
    /// <param name="identity">What the ids depend on beside the text: the column, the shards, the vocabulary.</param>
    /// <param name="vocabulary">What ids stand for.</param>
    /// <param name="host">Takes messages and progress.</param>
    /// <exception cref="IOException">The folder cannot be written, or is full.</exception>
    public ShardedTokens Read(TokenRows rows, string identity, Vocabulary vocabulary, IHost host)
    {
        using IChannel channel = host.Start("Reading the training data");
        string path = Path.Combine(folder, $"{(key is null ? $"{Guid.NewGuid():N}" : NameOf(key, identity, vocabulary))}.tokens");
        WritableFolder.Check(folder, 0, "for tokens", "Name another folder, or leave it out to keep tokens in memory.");
        return key is null
            ? Write(path, rows, vocabulary, host, channel, () => { })
            : SharedFile.Get(
                path, patience, () => TryOpen(path, vocabulary, channel),
                getOn => Write(path, rows, vocabulary, host, channel, getOn), new(host));
    }

    private ShardedTokens Write(string path, TokenRows rows, Vocabulary vocabulary, IHost host, IChannel channel, Action getOn)
    {
        using IProgressChannel progress = host.StartProgressChannel("Reading the training data");
        long read = 0;
        progress.SetHeader(new ProgressHeader("tokens"), entry => entry.SetProgress(0, read));
        TokenFile.Write(path, rows, Report, new(host));
        channel.Info(MessageSensitivity.None, "{0:N0} tokens are in '{1}'.", rows.Tokens, path);
        return TokenFile.Open(path, vocabulary.Count, isTemporary: key is null);

        void Report(long tokens)
        {
            read = tokens;
            getOn();
        }
    }

    private static string NameOf(string key, string identity, Vocabulary vocabulary) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', [key, identity, .. vocabulary.Words]))))[..32];

    private static ShardedTokens? TryOpen(string path, Vocabulary vocabulary, IChannel channel)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            ShardedTokens text = TokenFile.Open(path, vocabulary.Count, isTemporary: false);
            channel.Info(MessageSensitivity.None, "The {0:N0} tokens of '{1}' are used, the data is not read.", text.Tokens.Length, path);
            return text;
        }
        catch (Exception e) when (e is FormatException or IOException)
        {
            channel.Warning(MessageSensitivity.None, "The token file '{0}' cannot be used: {1}. It is written anew.", path, e.Message);
            return null;
        }
    }
}
