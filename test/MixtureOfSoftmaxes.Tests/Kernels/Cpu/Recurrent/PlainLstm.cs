namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Kernels.Cpu.Recurrent;

/// <summary>An LSTM layer in float64, number by number.</summary>
internal static class PlainLstm
{
    /// <summary>Outputs [T, B, H] and the last cell state [B, H].</summary>
    public static (double[] Outputs, double[] Cell) Run(
        int steps, int batch, int inputs, int units, double[] x, double[] hidden, double[] cell, double[] inputWeights,
        double[] recurrentWeights, double[] bias)
    {
        double[] outputs = new double[steps * batch * units], before = hidden;
        cell = [.. cell];
        for (int t = 0; t < steps; t++)
        {
            double[] after = new double[batch * units];
            for (int b = 0; b < batch; b++)
            {
                for (int j = 0; j < units; j++)
                {
                    double input = Sigmoid(Gate(0)), forget = Sigmoid(Gate(1)), candidate = Math.Tanh(Gate(2)), output = Sigmoid(Gate(3));
                    double c = (forget * cell[(b * units) + j]) + (input * candidate);
                    cell[(b * units) + j] = c;
                    after[(b * units) + j] = outputs[(((t * batch) + b) * units) + j] = output * Math.Tanh(c);

                    double Gate(int gate)
                    {
                        int row = (gate * units) + j;
                        double sum = bias[row];
                        for (int k = 0; k < inputs; k++)
                        {
                            sum += inputWeights[(row * inputs) + k] * x[(((t * batch) + b) * inputs) + k];
                        }

                        for (int k = 0; k < units; k++)
                        {
                            sum += recurrentWeights[(row * units) + k] * before[(b * units) + k];
                        }

                        return sum;
                    }
                }
            }

            before = after;
        }

        return (outputs, cell);
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
