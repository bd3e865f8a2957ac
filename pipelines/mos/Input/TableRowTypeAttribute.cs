using Microsoft.ML.Data;
using Mos.Input.Tables;

namespace Mos.Input;

/// <summary>Makes a row of a table the value of one column, so that it passes through any pipeline whatever its own columns are called.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TableRowTypeAttribute : DataViewTypeAttribute
{
    public override bool Equals(DataViewTypeAttribute? other) => other is TableRowTypeAttribute;

    public override int GetHashCode() => 0;

    public override void Register() => DataViewTypeManager.Register(new TableRowType(), typeof(TableRow), this);

    private sealed class TableRowType() : StructuredDataViewType(typeof(TableRow))
    {
        public override bool Equals(DataViewType? other) => other is TableRowType;

        public override int GetHashCode() => 0;
    }
}
