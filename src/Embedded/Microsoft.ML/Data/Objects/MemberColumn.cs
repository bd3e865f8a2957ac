using System.Linq.Expressions;
using System.Reflection;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A field or property bound to a column of the same raw type, with compiled access to it.</summary>
internal sealed class MemberColumn
{
    private readonly MemberInfo _member;

    private MemberColumn(MemberInfo member, string name, DataViewType type, DataViewSchema.Annotations annotations)
    {
        _member = member;
        MemberType = TypeOf(member);
        Column = new DataViewSchema.DetachedColumn(name, type, annotations);
    }

    public DataViewSchema.DetachedColumn Column { get; }

    public string MemberName => _member.Name;

    public Type MemberType { get; }

    public static MemberColumn[] Bind(Type rowType, SchemaDefinition.Direction direction, SchemaDefinition? definition) =>
        [.. (definition ?? SchemaDefinition.Create(rowType, direction)).Select(column => Bind(rowType, column))];

    public static Type TypeOf(MemberInfo member) =>
        member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    public static (bool IsVector, Type Raw) RawTypeOf(MemberInfo member) => RawTypeOf(member.Name, TypeOf(member));

    /// <summary>Whether a .NET type is a vector, and the raw type of its items, which is that of text for strings.</summary>
    public static (bool IsVector, Type Raw) RawTypeOf(string name, Type type)
    {
        Type? item = type.IsArray ? type.GetElementType()
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>) ? type.GetGenericArguments()[0]
            : null;
        PrimitiveDataViewType? column = ColumnTypeExtensions.PrimitiveTypeFromTypeOrNull(item ?? type);
        if (column is null)
        {
            throw Contracts.ExceptParam(
                nameof(type),
                $"Could not determine an IDataView type for member {name} of type {type}. " +
                    "Change its type, or mark it with [NoColumn].");
        }

        return (item is not null, column.RawType);
    }

    /// <summary>A getter of the column's values in the object that <paramref name="current"/> returns.</summary>
    public Delegate MakeGetter<TRow>(Func<TRow> current) =>
        GenericCall.Invoke<Delegate>(MakeGetter<TRow, int>, [typeof(TRow), MemberType], current);

    /// <summary>An action that writes the current value of a column into an object.</summary>
    public Action<TRow> MakeSetter<TRow>(DataViewRow row, DataViewSchema.Column column) =>
        GenericCall.Invoke<Action<TRow>>(MakeSetter<TRow, int>, [typeof(TRow), MemberType], row, column);

    private static MemberColumn Bind(Type rowType, SchemaDefinition.Column column)
    {
        MemberInfo member = (MemberInfo?)rowType.GetField(column.MemberName) ?? rowType.GetProperty(column.MemberName)
            ?? throw Contracts.ExceptParam(
                nameof(rowType), $"No field or property with name '{column.MemberName}' found in type '{rowType.FullName}'");
        string name = string.IsNullOrEmpty(column.ColumnName) ? column.MemberName : column.ColumnName;
        (bool isVector, Type raw) = RawTypeOf(member);
        bool columnIsVector = column.ColumnType is VectorDataViewType;
        Contracts.CheckParam(
            isVector == columnIsVector,
            nameof(column),
            $"Column '{name}' is supposed to be {(columnIsVector ? "vector" : "scalar")}, " +
                $"but type of associated field '{member.Name}' is {(isVector ? "vector" : "scalar")}");
        Type columnRaw = column.ColumnType.GetItemType().RawType;
        Contracts.CheckParam(
            raw == columnRaw,
            nameof(column),
            $"Column '{name}' is supposed to have item type {columnRaw}, but associated field has type {raw}");
        return new MemberColumn(member, name, column.ColumnType, column.Annotations);
    }

    private Delegate MakeGetter<TRow, TMember>(Func<TRow> current)
    {
        Func<TRow, TMember> read = CompileRead<TRow, TMember>();
        return MemberValues.MakeGetter(() => read(current()), Column.Type);
    }

    private Action<TRow> MakeSetter<TRow, TMember>(DataViewRow row, DataViewSchema.Column column)
    {
        ParameterExpression target = Expression.Parameter(typeof(TRow));
        ParameterExpression value = Expression.Parameter(typeof(TMember));
        BinaryExpression assignment = Expression.Assign(Expression.MakeMemberAccess(target, _member), value);
        Action<TRow, TMember> write = Expression.Lambda<Action<TRow, TMember>>(assignment, target, value).Compile();
        bool readable = _member is not PropertyInfo property || property.GetGetMethod() is not null;
        return MemberValues.MakeSetter(row, column, readable ? CompileRead<TRow, TMember>() : static _ => default!, write);
    }

    private Func<TRow, TMember> CompileRead<TRow, TMember>()
    {
        ParameterExpression source = Expression.Parameter(typeof(TRow));
        return Expression.Lambda<Func<TRow, TMember>>(Expression.MakeMemberAccess(source, _member), source).Compile();
    }
}
