using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

namespace MosService.Completions;

/// <summary>All choices of a request side by side, so that their prompts are scored together.</summary>
internal sealed class CompletionRun(CompletionRequest request, ILanguageModelCompleter completer)
{
    private int _promptTokens;
    private int _completionTokens;

    /// <summary>What has been read and generated so far.</summary>
    public UsageResponse Usage => new(_promptTokens, _completionTokens, _promptTokens + _completionTokens);

    /// <summary>The parts of all choices as they come; those of one choice are in order.</summary>
    public async IAsyncEnumerable<ChoiceResponse> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var parts = Channel.CreateBounded<ChoiceResponse>(request.Prompts.Count * request.N);
        Task running = Task.WhenAll(Enumerable.Range(0, request.Prompts.Count * request.N).Select(i => RunAsync(i, parts.Writer, stop.Token)));
        _ = running.ContinueWith(_ => parts.Writer.TryComplete(), TaskScheduler.Default);
        try
        {
            await foreach (ChoiceResponse part in parts.Reader.ReadAllAsync(cancellationToken))
            {
                yield return part;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }
    }

    private async Task RunAsync(int index, ChannelWriter<ChoiceResponse> parts, CancellationToken cancellationToken)
    {
        try
        {
            var text = new ChoiceText(index, request);
            await foreach (CompletionToken token in CompleteAsync(index, cancellationToken))
            {
                Count(token, index);
                if (text.Add(token) is ChoiceResponse part)
                {
                    await parts.WriteAsync(part, cancellationToken);
                }

                if (text.IsStopped)
                {
                    break;
                }
            }

            await parts.WriteAsync(text.End(), cancellationToken);
        }
        catch (ArgumentException e)
        {
            parts.TryComplete(new RequestException(
                StatusCodes.Status400BadRequest, request.Prompts.Count > 1 ? $"prompt[{index / request.N}]: {e.Message}" : e.Message, "prompt"));
        }
        catch (Exception e)
        {
            parts.TryComplete(e);
        }
    }

    private IAsyncEnumerable<CompletionToken> CompleteAsync(int index, CancellationToken cancellationToken)
    {
        Prompt prompt = request.Prompts[index / request.N];
        CompletionOptions options = request.OptionsOf(index % request.N);
        return prompt.Text is string text
            ? completer.CompleteAsync(text, options, cancellationToken)
            : completer.CompleteAsync(prompt.Tokens!, options, cancellationToken);
    }

    private void Count(CompletionToken token, int index)
    {
        if (!token.IsPrompt)
        {
            Interlocked.Increment(ref _completionTokens);
        }
        else if (index % request.N == 0)
        {
            Interlocked.Increment(ref _promptTokens);
        }
    }
}
