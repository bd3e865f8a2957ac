namespace Mos;

/// <summary>The command line is wrong. The message names the option.</summary>
internal sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);
