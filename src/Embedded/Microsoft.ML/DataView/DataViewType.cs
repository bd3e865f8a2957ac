namespace Microsoft.ML.Data;

/// <summary>The type of a column; <see cref="RawType"/> is what its getters fill.</summary>
public abstract class DataViewType : IEquatable<DataViewType>
{
    private protected DataViewType(Type rawType)
    {
        ArgumentNullException.ThrowIfNull(rawType);
        RawType = rawType;
    }

    public Type RawType { get; }

    public abstract bool Equals(DataViewType? other);
}

/// <summary>Types whose values hold items, such as vectors.</summary>
public abstract class StructuredDataViewType(Type rawType) : DataViewType(rawType);

/// <summary>Types whose values can be copied freely and be items of a vector.</summary>
public abstract class PrimitiveDataViewType : DataViewType
{
    protected PrimitiveDataViewType(Type rawType)
        : base(rawType)
    {
        if (typeof(IDisposable).IsAssignableFrom(rawType))
            throw new ArgumentException("A PrimitiveDataViewType cannot have a disposable RawType", nameof(rawType));
    }
}
