using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;

// Prints the perplexity of a text under a model in ONNX.
var ml = new MLContext();
Console.WriteLine(ml.LanguageModeling.Score(ml.LanguageModeling.LoadOnnx(args[0]), [args[1]])[0].Perplexity);
