using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Microsoft.ML.MixtureOfSoftmaxes.Evaluation;

/// <summary>Adds up the score columns of a corpus.</summary>
internal static class CorpusEvaluator
{
    public static LanguageModelMetrics Evaluate(
        IDataView data, ScoringOptions columns, string? textColumnName, IProgress<ScoringProgress>? handler, Cancellation cancellation)
    {
        ArgumentNullException.ThrowIfNull(data);
        DataViewSchema.Column logLikelihood = InputColumn.Of(data.Schema, columns.LogLikelihoodColumnName, NumberDataViewType.Single);
        DataViewSchema.Column tokenCount = InputColumn.Of(data.Schema, columns.TokenCountColumnName, NumberDataViewType.Int32);
        DataViewSchema.Column unknownCount = InputColumn.Of(data.Schema, columns.OutOfVocabularyCountColumnName, NumberDataViewType.Int32);
        DataViewSchema.Column[] text = textColumnName is null ? [] : [InputColumn.Text(data.Schema, textColumnName)];
        TextLength? length = text.Length > 0 && CountAnnotations.Of(tokenCount) is var (countsEndOfSentence, words)
            ? new(countsEndOfSentence, words)
            : null;
        using DataViewRowCursor cursor = data.GetRowCursor([logLikelihood, tokenCount, unknownCount, .. text]);
        ValueGetter<float> logLikelihoodGetter = cursor.GetGetter<float>(logLikelihood);
        ValueGetter<int> tokenCountGetter = cursor.GetGetter<int>(tokenCount);
        ValueGetter<int> unknownCountGetter = cursor.GetGetter<int>(unknownCount);
        ValueGetter<ReadOnlyMemory<char>>? textGetter = length is null ? null : cursor.GetGetter<ReadOnlyMemory<char>>(text[0]);
        var progress = new RowProgress(handler, data.GetRowCount(), TimeProvider.System);
        double sum = 0;
        long tokens = 0, unknown = 0, rows = 0;
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

            sum -= rowLogLikelihood;
            tokens += rowTokens;
            unknown += rowUnknown;
            textGetter?.Invoke(ref rowText);
            length?.Add(rowText.Span, rowTokens);
            progress.Add(rowTokens);
        }

        progress.End();

        return tokens > 0
            ? new(sum / tokens, tokens, unknown, rows) { WordCount = length?.Words, ByteCount = length?.Bytes }
            : throw new InvalidOperationException($"The data holds no token that counts ({rows} rows), so it has no perplexity.");
    }
}
