namespace TorchSharp;

/// <summary>The dispose scopes of one thread.</summary>
public class DisposeScopeManager
{
    [ThreadStatic] private static DisposeScopeManager? t_instance;

    internal static DisposeScopeManager Current => t_instance ??= new DisposeScopeManager();

    public static ThreadDisposeScopeStatistics Statistics => Current.Counts;

    internal ThreadDisposeScopeStatistics Counts { get; } = new();

    internal DisposeScope? Innermost { get; private set; }

    internal DisposeScope Open() => Innermost = new DisposeScope(this, Innermost);

    internal DisposeScope? Register(torch.Tensor tensor)
    {
        if (Innermost is { } scope)
        {
            Counts.CreatedInScopeCount++;
            scope.Add(tensor);
            return scope;
        }
        Counts.CreatedOutsideScopeCount++;
        return null;
    }

    /// <summary>Takes the scope out of the chain; a scope may be disposed before one inside it.</summary>
    internal void Close(DisposeScope closed)
    {
        if (Innermost == closed)
        {
            Innermost = closed.Outer;
            return;
        }
        for (var scope = Innermost; scope is not null; scope = scope.Outer)
            if (scope.Outer == closed)
                scope.Outer = closed.Outer;
    }
}
