using System.Reflection;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>Cancelling a context as AutoML does, by a method that ML.NET keeps to its friends.</summary>
internal static class Cancelling
{
    private static readonly MethodInfo s_cancel =
        typeof(MLContext).GetMethod("CancelExecution", BindingFlags.NonPublic | BindingFlags.Instance)!;

    public static void Cancel(this MLContext ml) => s_cancel.Invoke(ml, null);

    /// <summary>Rows of which reading one cancels the context.</summary>
    public static IDataView TextsThatCancel(this MLContext ml, int row, IEnumerable<string> texts) => ml.Data.LoadFromEnumerable(
        texts.Select((text, i) =>
        {
            if (i == row)
            {
                ml.Cancel();
            }

            return new TextRow { Text = text };
        }));
}
