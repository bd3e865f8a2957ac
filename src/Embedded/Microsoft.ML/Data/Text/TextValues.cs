using System.Globalization;
using System.Numerics;
using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

/// <summary>Parses a field that is not empty; false for a bad value, which then is the default one, or NaN.</summary>
internal delegate bool FieldParser<T>(ReadOnlyMemory<char> field, out T value);

/// <summary>How fields become values.</summary>
internal sealed class TextValues(TextLoader.Options options)
{
    private readonly NumberFormatInfo _numbers =
        new() { NumberDecimalSeparator = options.DecimalMarker.ToString(), NumberGroupSeparator = "" };

    /// <summary>Whether bad values of the type become a missing value; others are an error.</summary>
    public static bool HasMissingValue(DataViewType itemType) =>
        itemType is KeyDataViewType || itemType.RawType == typeof(float) || itemType.RawType == typeof(double);

    public FieldParser<T> ParserOf<T>(PrimitiveDataViewType type)
    {
        Delegate parser = type switch
        {
            KeyDataViewType key => GenericCall.Invoke<Delegate>(KeyParser<uint>, typeof(T), key.Count),
            TextDataViewType => (FieldParser<ReadOnlyMemory<char>>)TryParseText,
            BooleanDataViewType => (FieldParser<bool>)TryParseBoolean,
            TimeSpanDataViewType => (FieldParser<TimeSpan>)TryParseTimeSpan,
            DateTimeDataViewType => (FieldParser<DateTime>)TryParseDateTime,
            DateTimeOffsetDataViewType => (FieldParser<DateTimeOffset>)TryParseDateTimeOffset,
            _ when type == NumberDataViewType.Single || type == NumberDataViewType.Double =>
                GenericCall.Invoke<Delegate>(RealParser<double>, typeof(T)),
            _ => GenericCall.Invoke<Delegate>(IntegerParser<int>, typeof(T)),
        };
        return (FieldParser<T>)parser;
    }

    private static bool IsMissing(ReadOnlySpan<char> text) => text is "?"
        || text.Equals("NA", StringComparison.OrdinalIgnoreCase)
        || text.Equals("N/A", StringComparison.OrdinalIgnoreCase)
        || text.Equals("NaN", StringComparison.OrdinalIgnoreCase);

    private static bool TryParseText(ReadOnlyMemory<char> field, out ReadOnlyMemory<char> value)
    {
        value = field;
        return true;
    }

    private static bool TryParseBoolean(ReadOnlyMemory<char> field, out bool value)
    {
        string text = field.ToString().ToUpperInvariant();
        value = text is "T" or "Y" or "1" or "+" or "+1" or "YES" or "TRUE";
        return value || text is "F" or "N" or "0" or "-" or "-1" or "NO" or "FALSE";
    }

    private static bool TryParseTimeSpan(ReadOnlyMemory<char> field, out TimeSpan value) =>
        TimeSpan.TryParse(field.Span, CultureInfo.InvariantCulture, out value);

    private static bool TryParseDateTime(ReadOnlyMemory<char> field, out DateTime value) => DateTime.TryParse(
        field.Span, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out value);

    private static bool TryParseDateTimeOffset(ReadOnlyMemory<char> field, out DateTimeOffset value) =>
        DateTimeOffset.TryParse(field.Span, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value);

    private static FieldParser<T> IntegerParser<T>()
        where T : IBinaryInteger<T> =>
        (ReadOnlyMemory<char> field, out T value) => TryParseInteger(field.Span, out value);

    private static bool TryParseInteger<T>(ReadOnlySpan<char> text, out T value)
        where T : IBinaryInteger<T>
    {
        value = T.Zero;
        return text[0] != '+' && T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value!);
    }

    // The text counts keys from 0, columns from 1, where 0 means missing.
    private static FieldParser<T> KeyParser<T>(ulong count)
        where T : IBinaryInteger<T> =>
        (ReadOnlyMemory<char> field, out T value) =>
        {
            value = T.Zero;
            if (IsMissing(field.Span))
                return true;
            if (!TryParseInteger(field.Span, out ulong number) || number >= count)
                return false;
            value = T.CreateTruncating(number + 1);
            return true;
        };

    private FieldParser<T> RealParser<T>()
        where T : IFloatingPointIeee754<T> =>
        (ReadOnlyMemory<char> field, out T value) =>
        {
            ReadOnlySpan<char> text = field.Span.Trim();
            if (double.TryParse(text, NumberStyles.Float, _numbers, out double number))
            {
                value = T.CreateSaturating(number);
                return true;
            }

            value = text.IsEmpty && !options.MissingRealsAsNaNs ? T.Zero : T.NaN;
            return text.IsEmpty || IsMissing(text);
        };
}
