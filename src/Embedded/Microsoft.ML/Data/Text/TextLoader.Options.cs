using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public sealed partial class TextLoader
{
    /// <summary>A column of the view and the fields of a line it is made of.</summary>
    public sealed class Column
    {
        public string Name = "";

        public Range[] Source = [];

        /// <summary>Makes the column one of keys, which the text counts from 0.</summary>
        public KeyCount? KeyCount;

        public Column()
        {
        }

        public Column(string name, DataKind dataKind, int index)
            : this(name, dataKind, [new Range(index)])
        {
        }

        /// <summary>A vector of the fields from one index to another, both included.</summary>
        public Column(string name, DataKind dataKind, int minIndex, int maxIndex)
            : this(name, dataKind, [new Range(minIndex, maxIndex)])
        {
        }

        public Column(string name, DataKind dataKind, Range[] source, KeyCount? keyCount = null)
        {
            Contracts.CheckValue(name, nameof(name));
            Contracts.CheckValue(source, nameof(source));
            Name = name;
            DataKind = dataKind;
            Source = source;
            KeyCount = keyCount;
        }

        public DataKind DataKind { get; set; } = DataKind.Single;
    }

    /// <summary>Some fields of a line, counted from 0.</summary>
    public sealed class Range
    {
        public int Min;

        /// <summary>
        /// The last field, included; null for only the first, or as <see cref="AutoEnd"/> and <see cref="VariableEnd"/> say.
        /// </summary>
        public int? Max;

        /// <summary>Up to the last field of the sample's lines, which must all have as many.</summary>
        public bool AutoEnd;

        /// <summary>Up to the last field of each line; the vector varies in size.</summary>
        public bool VariableEnd;

        /// <summary>Only the fields that no other column takes.</summary>
        public bool AllOther;

        /// <summary>Makes a single field a vector of size 1.</summary>
        public bool ForceVector;

        public Range()
        {
        }

        public Range(int index)
        {
            Contracts.CheckParam(index >= 0, nameof(index), "Must be non-negative");
            Min = index;
            Max = index;
        }

        /// <summary>A vector of the fields from one index to another, both included; null means <see cref="AutoEnd"/>.</summary>
        public Range(int min, int? max)
        {
            Contracts.CheckParam(min >= 0, nameof(min), "Must be non-negative");
            Contracts.CheckParam(!(max < min), nameof(max), "If specified, must be greater than or equal to min");
            Min = min;
            Max = max;
            ForceVector = true;
            AutoEnd = max is null;
        }
    }

    public class Options
    {
        /// <summary>Whether fields may stand in double quotes, and separators within them.</summary>
        public bool AllowQuoting;

        /// <summary>Whether fields may be <c>index:value</c> pairs. Not in this subset of ML.NET: loading throws.</summary>
        public bool AllowSparse;

        /// <summary>The number of fields of a line; by default as many as there are.</summary>
        public int? InputSize;

        public char[] Separators = ['\t'];

        /// <summary>A point or a comma.</summary>
        public char DecimalMarker = '.';

        public Column[]? Columns;

        /// <summary>
        /// Whether white space at the end of lines is ignored. Spaces before a field always are, unless they separate.
        /// </summary>
        public bool TrimWhitespace;

        /// <summary>Whether the first line of every file names the fields.</summary>
        public bool HasHeader;

        /// <summary>Has no effect here: lines are parsed on the thread that reads the rows.</summary>
        public bool UseThreads = true;

        /// <summary>Whether quoted fields may hold line breaks.</summary>
        public bool ReadMultilines;

        /// <summary>A file whose first line names the fields.</summary>
        public string? HeaderFile;

        public long? MaxRows;

        /// <summary>What stands before a quote within a quoted field; by default another quote.</summary>
        public char EscapeChar = '"';

        /// <summary>Whether missing real numbers are NaN; 0 otherwise.</summary>
        public bool MissingRealsAsNaNs;
    }
}
