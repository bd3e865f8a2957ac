namespace Mos.Tests.Support;

/// <summary>Cancels when a line that contains a certain word is written to it.</summary>
internal sealed class CancellingWriter(CancellationTokenSource cancellation, string after) : StringWriter
{
    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (value?.Contains(after) == true)
        {
            cancellation.Cancel();
        }
    }
}
