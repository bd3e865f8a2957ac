namespace Microsoft.ML.Runtime;

/// <summary>The channel or pipe a message or an exception comes from, and the component that opened it.</summary>
internal sealed record MessageSource(string FullName, string Name, string? Component, string? ParentComponent)
{
    /// <summary>Notes in the data of an exception which component throws it.</summary>
    public static TException Mark<TException>(TException ex, string? component)
        where TException : Exception
    {
        ex.Data["Throwing component"] = component;
        ex.Data["ML_IsMarked"] = 1;
        return ex;
    }

    /// <summary>Notes in the data of an exception which component throws it, and in which phase of its work.</summary>
    public TException Mark<TException>(TException ex)
        where TException : Exception
    {
        ex.Data["Parent component"] = ParentComponent;
        ex.Data["Phase"] = Name;
        return Mark(ex, Component);
    }
}
