using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interop;

/// <summary>
/// What kind of file a path leads to, and whose it is: .NET tells pipes and devices from files only once they are open, and opening a pipe
/// waits for its other end. The C library tells: statx, whose layout is one on all of Linux, and stat on macOS.
/// </summary>
internal readonly record struct UnixFile(bool IsRegular, bool IsFolder, uint User, uint Group)
{
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;
    private const int Folder = 0x4000;
    private const int CurrentFolder = -100;
    private const uint BasicFacts = 0x7FF;

    /// <summary>What is at the path, symbolic links followed; null where nothing is, and on Windows, which has no such kinds.</summary>
    public static UnixFile? At(string path)
    {
        byte[] facts = new byte[256];
        if (OperatingSystem.IsLinux() && statx(CurrentFolder, path, 0, BasicFacts, facts) == 0)
        {
            return Of(facts, mode: 28, user: 20, group: 24);
        }

        return OperatingSystem.IsMacOS() && stat(path, facts) == 0 ? Of(facts, mode: 4, user: 16, group: 20) : null;
    }

    /// <summary>Gives a file to this one's user and group, or to its group alone where only root may give files away.</summary>
    public void GiveOwnerTo(string path)
    {
        if (chown(path, User, Group) != 0)
        {
            _ = chown(path, uint.MaxValue, Group);
        }
    }

    private static UnixFile Of(ReadOnlySpan<byte> facts, int mode, int user, int group)
    {
        int type = BinaryPrimitives.ReadUInt16LittleEndian(facts[mode..]) & TypeMask;
        return new(
            type == Regular, type == Folder, BinaryPrimitives.ReadUInt32LittleEndian(facts[user..]),
            BinaryPrimitives.ReadUInt32LittleEndian(facts[group..]));
    }

    [DllImport("libc")]
    private static extern int statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] facts);

    [DllImport("libc")]
    private static extern int stat([MarshalAs(UnmanagedType.LPUTF8Str)] string path, byte[] facts);

    [DllImport("libc")]
    private static extern int chown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint user, uint group);
}
