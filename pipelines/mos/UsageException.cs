namespace Mos;

/// <summary>The command line itself is wrong; its message names the option.</summary>
internal sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);
