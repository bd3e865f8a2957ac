using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Tells what was wrong in a text, the first times only, and how much in the end.</summary>
internal sealed class ParseReport(IChannel channel) : IDisposable
{
    private const int MaxMessages = 10;

    private long _rows;
    private long _badValues;
    private long _badFormats;

    public void Row() => _rows++;

    /// <summary>Notes a value that is missing now; an error where the column has no missing value.</summary>
    public void BadValue(TextColumn column, int? slot, ReadOnlyMemory<char> field, TextLine line)
    {
        if (!TextValues.HasMissingValue(column.Type.GetItemType()))
        {
            throw channel.ExceptDecode(
                $"Could not parse value '{field}' as {column.Type.GetItemType()} in line {line.Number} of '{line.Path}', " +
                    $"column {column.Name}{(slot is null ? "" : $", slot {slot}")}.");
        }

        if (++_badValues > MaxMessages)
            return;
        string place = slot is null ? "" : $" at slot {slot}";
        channel.Info(
            MessageSensitivity.Schema, "  Bad value at line {0} in column {1}{2}", line.Number, column.Name, place);
        if (_badValues == MaxMessages)
            channel.Info("  Suppressing further bad value messages");
    }

    public void BadQuoting(TextLine line)
    {
        if (++_badFormats > MaxMessages)
            return;
        channel.Warning("Format error at {0}({1}): Illegal quoting", line.Path ?? "", line.Number);
        if (_badFormats == MaxMessages)
            channel.Warning("Suppressing further format error messages");
    }

    public void Dispose()
    {
        if (_badValues > 0 || _badFormats > 0)
            channel.Info("Processed {0} rows with {1} bad values and {2} format errors", _rows, _badValues, _badFormats);
        channel.Dispose();
    }
}
