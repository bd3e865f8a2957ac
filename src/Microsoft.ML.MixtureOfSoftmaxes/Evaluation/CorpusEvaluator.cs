using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Microsoft.ML.MixtureOfSoftmaxes.Evaluation;

/// <summary>Adds up the score columns of a corpus.</summary>
internal static class CorpusEvaluator
{
    public static LanguageModelMetrics Evaluate(
        IDataView data, ScoringOptions columns, string? textColumnName, BootstrapOptions bootstrap, IProgress<ScoringProgress>? handler,
        Cancellation cancellation)
    {
        ArgumentNullException.ThrowIfNull(data);
        bootstrap.Validate();
        DataViewSchema.Column logLikelihood = InputColumn.Of(data.Schema, columns.LogLikelihoodColumnName, NumberDataViewType.Single);
        DataViewSchema.Column tokenCount = InputColumn.Of(data.Schema, columns.TokenCountColumnName, NumberDataViewType.Int32);
        DataViewSchema.Column unknownCount = InputColumn.Of(data.Schema, columns.OutOfVocabularyCountColumnName, NumberDataViewType.Int32);
        DataViewSchema.Column[] text = textColumnName is null ? [] : [InputColumn.Text(data.Schema, textColumnName)];
        TextMeter? meter = text.Length > 0 && CountAnnotations.Of(tokenCount) is var (countsEndOfSentence, words)
            ? new(countsEndOfSentence, words)
            : null;
        DataViewSchema.Column[] experts = ExpertMeter.Columns(data.Schema, columns);
        using DataViewRowCursor cursor = data.GetRowCursor([logLikelihood, tokenCount, unknownCount, .. text, .. experts]);
        ExpertMeter? expertMeter = experts.Length > 0 ? new(cursor, experts) : null;
        ValueGetter<float> logLikelihoodGetter = cursor.GetGetter<float>(logLikelihood);
        ValueGetter<int> tokenCountGetter = cursor.GetGetter<int>(tokenCount);
        ValueGetter<int> unknownCountGetter = cursor.GetGetter<int>(unknownCount);
        ValueGetter<ReadOnlyMemory<char>>? textGetter = meter is null ? null : cursor.GetGetter<ReadOnlyMemory<char>>(text[0]);
        var progress = new RowProgress(handler, data.GetRowCount(), TimeProvider.System);
        var blocks = new RowBlocks();
        CorpusSums sums = default;
        long unknown = 0, rows = 0;
        float rowLogLikelihood = 0;
        int rowTokens = 0, rowUnknown = 0;
        ReadOnlyMemory<char> rowText = default;
        for (; cursor.MoveNext(); rows++)
        {
            cancellation.ThrowIfRequested();
            logLikelihoodGetter(ref rowLogLikelihood);
            tokenCountGetter(ref rowTokens);
            unknownCountGetter(ref rowUnknown);
            if (!float.IsFinite(rowLogLikelihood) || rowTokens < 0 || rowUnknown < 0)
            {
                throw new InvalidOperationException(
                    $"Row {rows} has log-likelihood {rowLogLikelihood} and {rowTokens} tokens, {rowUnknown} unknown: " +
                    "there is no perplexity of that.");
            }

            textGetter?.Invoke(ref rowText);
            var row = new CorpusSums(-rowLogLikelihood, rowTokens, meter?.Measure(rowText.Span, rowTokens) ?? default);
            blocks.Add(row);
            sums += row;
            unknown += rowUnknown;
            expertMeter?.Add();
            progress.Add(rowTokens);
        }

        progress.End();
        return sums.Tokens > 0
            ? Describe(
                sums, unknown, rows, meter is { IsKnown: true } ? meter.End * rows : null,
                blocks.Of(CountAnnotations.ContextOf(tokenCount), bootstrap.BlockLength), bootstrap, cancellation) with
            {
                ExpertUse = expertMeter?.Use,
            }
            : throw new InvalidOperationException($"The data holds no token that counts ({rows} rows), so it has no perplexity.");
    }

    /// <param name="sums">Of the corpus.</param>
    /// <param name="unknown">Unknown words.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="ends">Ends of rows in the length of the text; null where that is not known.</param>
    /// <param name="blocks">The sums again, by block.</param>
    /// <param name="options">How the blocks are resampled.</param>
    /// <param name="cancellation">Checked before each resample.</param>
    private static LanguageModelMetrics Describe(
        CorpusSums sums, long unknown, long rows, long? ends, CorpusSums[] blocks, BootstrapOptions options, Cancellation cancellation)
    {
        double[][] losses = [[.. blocks.Select(block => block.Loss)]];
        return new(sums.Loss / sums.Tokens, sums.Tokens, unknown, rows)
        {
            PerplexityInterval = Interval(block => block.Tokens),
            RowEndCount = ends,
            WordCount = ends is null ? null : sums.Length.Words,
            ByteCount = ends is null ? null : sums.Length.Bytes,
            CharacterCount = ends is null ? null : sums.Length.Characters,
            WordPerplexityInterval = ends is null ? null : Interval(block => block.Length.Words),
            BytePerplexityInterval = ends is null ? null : Interval(block => block.Length.Bytes),
        };

        ConfidenceInterval? Interval(Func<CorpusSums, long> length) => blocks.Length > 1 && blocks.Any(block => length(block) > 0)
            ? new PairedBootstrap(losses, [.. blocks.Select(length)], options, cancellation).Perplexity(0)
            : null;
    }
}
