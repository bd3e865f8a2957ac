using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.Win32.SafeHandles;

namespace Mos;

/// <summary>Standard output and standard error: UTF-8 whatever the locale is, and both with a mind of what reads them.</summary>
internal static class StandardStreams
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Makes <see cref="Console.Out"/> and <see cref="Console.Error"/> what they are to be.</summary>
    public static void Prepare()
    {
        if (MpiLauncher.Current is not null)
        {
            // mpirun gives its processes a terminal that is none: what .NET prepares terminals with would stand in the output.
            Environment.SetEnvironmentVariable("TERM", null);
        }

        Console.OutputEncoding = s_utf8; // so that a console of Windows reads it too
        Console.SetOut(Writer(OpenOutput()));
        Console.SetError(Writer(new MessageStream(Console.OpenStandardError())));
    }

    /// <summary>Whether a write failed because what read the output has ended, as <c>head</c> does when it has its lines.</summary>
    public static bool IsReaderGone(Exception exception)
    {
        const int brokenPipe = 32;
        return exception is IOException { HResult: brokenPipe } && !OperatingSystem.IsWindows();
    }

    // Console's own stream takes no notice of a reader that has gone, but shares its place in a file with other programs.
    private static Stream OpenOutput()
    {
        Stream console = Console.OpenStandardOutput();
        if (!Console.IsOutputRedirected)
        {
            return new MessageStream(console);
        }

        if (OperatingSystem.IsWindows())
        {
            return console;
        }

        var stream = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? console : stream;
    }

    private static StreamWriter Writer(Stream stream) => new(stream, s_utf8) { AutoFlush = true };
}
