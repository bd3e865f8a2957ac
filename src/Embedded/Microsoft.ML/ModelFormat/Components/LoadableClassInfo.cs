using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>
/// How to create a loadable class: by a constructor or by a static method named Create, the more visible of the two.
/// </summary>
internal sealed class LoadableClassInfo
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    // The exceptions of a component reach the user as they are.
    private const BindingFlags Unwrapped = BindingFlags.DoNotWrapExceptions;

    private readonly MethodBase _creator;
    private readonly bool _requiresEnvironment;

    private LoadableClassInfo(MethodBase creator, int parameters)
    {
        _creator = creator;
        _requiresEnvironment = creator.GetParameters().Length > parameters;
    }

    public static LoadableClassInfo? CreateOrNull(LoadableClassAttributeBase attribute)
    {
        Type[] types = attribute.CtorTypes;
        Type[] typesAfterEnvironment = [typeof(IHostEnvironment), .. types];
        MethodBase? constructor = attribute.InstanceType.IsAssignableFrom(attribute.LoaderType)
            ? attribute.LoaderType.GetConstructor(Instance, types)
                ?? attribute.LoaderType.GetConstructor(Instance, typesAfterEnvironment)
            : null;
        MethodBase? method = FindCreate(attribute, types) ?? FindCreate(attribute, typesAfterEnvironment);
        MethodBase? creator = constructor is null || (method is not null && Visibility(method) > Visibility(constructor))
            ? method
            : constructor;
        if (constructor is not null && method is not null && Visibility(method) == Visibility(constructor))
        {
            throw Contracts.Except(
                $"Can't load type {attribute.InstanceType}, because it has both create and constructor methods with the same " +
                "visibility. Please indicate which one should be used by changing either the signature or the visibility of one.");
        }

        return creator is null ? null : new LoadableClassInfo(creator, types.Length);
    }

    public object CreateInstance(IHostEnvironment env, object[] extra)
    {
        object[] arguments = _requiresEnvironment ? [env, .. extra] : extra;
        return _creator is ConstructorInfo constructor
            ? constructor.Invoke(Unwrapped, null, arguments, null)
            : _creator.Invoke(null, Unwrapped, null, arguments, null)!;
    }

    private static MethodInfo? FindCreate(LoadableClassAttributeBase attribute, Type[] types)
    {
        MethodInfo? method = attribute.LoaderType.GetMethod("Create", Static, types);
        return method is not null && method.DeclaringType == attribute.LoaderType && method.ReturnType == attribute.InstanceType
            ? method
            : null;
    }

    private static int Visibility(MethodBase method) => (method.Attributes & MethodAttributes.MemberAccessMask) switch
    {
        MethodAttributes.Public => 5,
        MethodAttributes.Assembly => 4,
        MethodAttributes.FamORAssem => 3,
        MethodAttributes.Family => 2,
        MethodAttributes.Private => 1,
        _ => 0,
    };
}
