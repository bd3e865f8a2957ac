using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How the members of a class correspond to columns; made from its attributes, then open to changes.</summary>
public sealed class SchemaDefinition : List<SchemaDefinition.Column>
{
    private SchemaDefinition()
    {
    }

    /// <summary>What objects of the class are for: to be read, to be written, or either.</summary>
    [Flags]
    public enum Direction
    {
        Read = 1,
        Write = 2,
        Both = Read | Write,
    }

    /// <summary>The column of this name; null where there is none. Setting one adds it where there is none.</summary>
    public Column this[string columnName]
    {
        get => Find(c => c.ColumnName == columnName)!;
        set
        {
            Contracts.CheckValue(value, nameof(value));
            Contracts.CheckParam(
                value.ColumnName == columnName,
                nameof(columnName),
                $"The column name is specified as '{value.ColumnName}' but must match the selector '{columnName}'.");
            int index = FindIndex(c => c.ColumnName == columnName);
            if (index >= 0)
                this[index] = value;
            else
                Add(value);
        }
    }

    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        Contracts.CheckValue(userType, nameof(userType));
        var definition = new SchemaDefinition();
        foreach (MemberInfo member in MembersOf(userType, direction).Where(IsColumn))
        {
            string name = member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;
            Contracts.CheckParam(
                definition[name] is null, nameof(userType), $"Duplicate column name '{name}' detected, this is disallowed");
            definition.Add(new Column(member.Name, ColumnTypeOf(member), name));
        }

        return definition;
    }

    /// <summary>A definition with the types and annotations of the schema's columns, which must all have a member.</summary>
    internal static SchemaDefinition Create(Type userType, DataViewSchema schema)
    {
        SchemaDefinition definition = Create(userType, Direction.Read);
        foreach (DataViewSchema.Column column in schema)
        {
            Column member = definition[column.Name]
                ?? throw Contracts.Except($"Type should contain a member named {column.Name}");
            member.Follow(column);
        }

        return definition;
    }

    /// <summary>The public fields, and the properties that can be used in the direction.</summary>
    internal static MemberInfo[] MembersOf(Type userType, Direction direction)
    {
        const BindingFlags Members = BindingFlags.Public | BindingFlags.Instance;
        IEnumerable<MemberInfo> properties = userType.GetProperties(Members).Where(property =>
            ((direction.HasFlag(Direction.Read) && property.GetGetMethod() is not null)
                || (direction.HasFlag(Direction.Write) && property.GetSetMethod() is not null))
            && property.GetIndexParameters().Length == 0);
        return [.. userType.GetFields(Members).Concat(properties)];
    }

    private static bool IsColumn(MemberInfo member) =>
        member.GetCustomAttribute<NoColumnAttribute>() is null && MemberColumn.TypeOf(member) != typeof(IChannel);

    private static DataViewType ColumnTypeOf(MemberInfo member)
    {
        (bool isVector, Type raw) = MemberColumn.RawTypeOf(member);
        PrimitiveDataViewType itemType = ColumnTypeExtensions.PrimitiveTypeFromType(raw);
        if (member.GetCustomAttribute<KeyTypeAttribute>() is { } key)
        {
            Contracts.CheckParam(
                KeyDataViewType.IsValidDataType(raw),
                "userType",
                $"Member {member.Name} marked with KeyType attribute, " +
                    "but does not appear to be a valid kind of data for a key type");
            itemType = new KeyDataViewType(raw, key.KeyCount.Count.GetValueOrDefault());
        }

        var vector = member.GetCustomAttribute<VectorTypeAttribute>();
        Contracts.CheckParam(
            isVector || vector is null,
            "userType",
            $"Member {member.Name} marked with VectorTypeAttribute, but does not appear to be a vector type");
        if (!isVector)
            return itemType;
        return vector is { Dims.Length: > 0 } ? new VectorDataViewType(itemType, vector.Dims) : new VectorDataViewType(itemType);
    }

    /// <summary>A member and the column it corresponds to.</summary>
    public sealed class Column
    {
        private readonly Dictionary<string, (DataViewType Type, Delegate Getter)> _annotations = [];

        internal Column(string memberName, DataViewType columnType, string columnName)
        {
            MemberName = memberName;
            ColumnType = columnType;
            ColumnName = columnName;
        }

        public string MemberName { get; }

        public string ColumnName { get; set; }

        public DataViewType ColumnType { get; set; }

        public DataViewSchema.Annotations Annotations
        {
            get
            {
                var builder = new DataViewSchema.Annotations.Builder();
                foreach ((string kind, (DataViewType type, Delegate getter)) in _annotations)
                    builder.Add(kind, type, getter);
                return builder.ToAnnotations();
            }
        }

        public void AddAnnotation<T>(string kind, T value, DataViewType annotationType)
        {
            Contracts.CheckValue(kind, nameof(kind));
            Contracts.CheckValue(annotationType, nameof(annotationType));
            (bool isVector, Type raw) = MemberColumn.RawTypeOf("annotation value", typeof(T));
            bool typeIsVector = annotationType is VectorDataViewType;
            Contracts.Check(
                isVector == typeIsVector && raw == annotationType.GetItemType().RawType,
                $"The value of annotation '{kind}' is a {typeof(T)}, which does not fit the type {annotationType}.");
            Contracts.Check(
                _annotations.TryAdd(kind, (annotationType, MemberValues.MakeGetter(() => value, annotationType))),
                "Column already contains an annotation of this kind.");
        }

        /// <summary>Takes over the type and the annotations of a column of a schema.</summary>
        internal void Follow(DataViewSchema.Column column)
        {
            ColumnType = column.Type;
            foreach (DataViewSchema.Column annotation in column.Annotations.Schema)
                _annotations[annotation.Name] = (annotation.Type, column.Annotations.GetGetterInternal(annotation.Index));
        }
    }
}
