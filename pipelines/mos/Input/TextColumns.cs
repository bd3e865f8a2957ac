namespace Mos.Input;

/// <summary>Which columns of tables are read.</summary>
/// <param name="Text">That of the texts.</param>
/// <param name="Context">That of what stands before each text; null for none.</param>
internal sealed record TextColumns(string Text, string? Context = null);
