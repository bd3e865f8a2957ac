using Microsoft.ML;
using Microsoft.ML.Data;

// LoadAndScore MODEL < ROWS: what any ML.NET program does with a saved model, on a context that never heard of the library.
// Prints the types of its transformers, then the bits of each row's log-likelihood.
var ml = new MLContext();
ITransformer model = ml.Model.Load(args[0], out _);
foreach (ITransformer part in model as IEnumerable<ITransformer> ?? [model])
{
    Console.WriteLine(part.GetType().FullName);
}

var rows = new List<Row>();
while (Console.In.ReadLine() is string line)
{
    rows.Add(new Row { Text = line });
}

IDataView scored = model.Transform(ml.Data.LoadFromEnumerable(rows));
foreach (float logLikelihood in scored.GetColumn<float>("LogLikelihood"))
{
    Console.WriteLine(BitConverter.SingleToUInt32Bits(logLikelihood).ToString("x8"));
}

internal sealed class Row
{
    public string Text { get; set; } = "";
}
