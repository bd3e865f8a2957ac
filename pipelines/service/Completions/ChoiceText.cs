using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

namespace MosService.Completions;

/// <summary>
/// Makes the text of one choice of its tokens, part by part: the prompt if it is echoed, what is generated up to a stop, and of each token
/// where it begins. Offsets are in Unicode characters (code points).
/// </summary>
internal sealed class ChoiceText(int index, CompletionRequest request)
{
    private readonly StopFinder _stop = new(request.Stop);
    private readonly Queue<(CompletionToken Token, int Offset)> _tokens = new();
    private int _length;
    private int _shown;
    private bool _hasEnded;

    /// <summary>Whether nothing that follows would be shown.</summary>
    public bool IsStopped => _stop.IsFound;

    /// <summary>The part that can be shown once a token is there.</summary>
    public ChoiceResponse? Add(CompletionToken token)
    {
        if (token.IsPrompt && !request.Echo)
        {
            return null;
        }

        _tokens.Enqueue((token, _length));
        _length += CountCharacters(token.Text);
        _hasEnded |= !token.IsPrompt && token.IsEndOfSentence && !request.IgnoreEndOfSentence;
        string text = token.IsPrompt ? token.Text : _stop.Add(token.Text);
        return text.Length > 0 ? Part(text, null, offset => offset < _shown) : null;
    }

    /// <summary>The last part.</summary>
    public ChoiceResponse End()
    {
        bool isCut = _stop.IsFound;
        return Part(_stop.TakeHeld(), isCut || _hasEnded ? "stop" : "length", offset => !isCut || offset < _shown);
    }

    private ChoiceResponse Part(string text, string? reason, Func<int, bool> isShown)
    {
        _shown += CountCharacters(text);
        List<(CompletionToken Token, int Offset)> tokens = [];
        while (_tokens.TryPeek(out (CompletionToken Token, int Offset) next) && isShown(next.Offset))
        {
            tokens.Add(_tokens.Dequeue());
        }

        return new(index, text, request.LogProbs is null ? null : LogProbsOf(tokens), reason);
    }

    private static LogProbsResponse LogProbsOf(List<(CompletionToken Token, int Offset)> tokens) => new(
        [.. tokens.Select(placed => placed.Token.Token)],
        [.. tokens.Select(placed => placed.Token.LogProbability)],
        [.. tokens.Select(placed => TopOf(placed.Token))],
        [.. tokens.Select(placed => placed.Offset)]);

    /// <summary>The likeliest tokens, and the token itself.</summary>
    private static Dictionary<string, float>? TopOf(CompletionToken token)
    {
        if (token.LogProbability is not float logProbability)
        {
            return null;
        }

        // Several tokens may be one text; the likeliest of them is told.
        var top = token.Alternatives.DistinctBy(alternative => alternative.Token)
            .ToDictionary(alternative => alternative.Token, alternative => alternative.LogProbability);
        top.TryAdd(token.Token, logProbability);
        return top;
    }

    private static int CountCharacters(string text) => text.EnumerateRunes().Count();
}
