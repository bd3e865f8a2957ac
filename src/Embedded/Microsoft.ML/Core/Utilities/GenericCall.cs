using System.Reflection;

namespace Microsoft.ML.Internal.Utilities;

/// <summary>Calls generic methods whose type arguments are known at run time only, such as the raw type of a column.</summary>
internal static class GenericCall
{
    /// <summary>Calls the method <paramref name="example"/> is an instance of, with other type arguments.</summary>
    public static TResult Invoke<TResult>(Delegate example, Type[] typeArguments, params object?[] arguments) =>
        (TResult)example.Method.GetGenericMethodDefinition().MakeGenericMethod(typeArguments)
            .Invoke(example.Target, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;

    public static TResult Invoke<TResult>(Delegate example, Type typeArgument, params object?[] arguments) =>
        Invoke<TResult>(example, [typeArgument], arguments);
}
