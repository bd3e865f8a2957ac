namespace Mos;

/// <summary>The exit codes of the process.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;
    public const int Cancelled = 130;

    /// <summary>What a shell reports of a program that ended because no one read its output any more: 128 and SIGPIPE.</summary>
    public const int ReaderGone = 141;
}
