using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>
/// The losses and gradient norms of steps, on the device until they are read, and whether one was not finite: a step need not wait for the
/// device to learn what it came to. With the first bad step the figures stand still.
/// </summary>
internal sealed class StepFigures(Device device) : IDisposable
{
    private Tensor _isBad = zeros(1, ScalarType.Bool, device).DetachFromDisposeScope();

    // The sum of the losses, the steps in it, the loss and the norm of the last or the bad one.
    private Tensor _figures_4 = zeros(4, ScalarType.Float64, device).DetachFromDisposeScope();

    /// <summary>Steps that have been added since figures were read.</summary>
    public int Unread { get; private set; }

    /// <summary>Whether a step so far was bad, [1] on the device.</summary>
    public Tensor IsBad => _isBad;

    /// <summary>Adds a step.</summary>
    /// <param name="loss">Its loss, a float64 scalar on the device.</param>
    /// <param name="norm">The norm of its gradient, a scalar on the device.</param>
    public void Add(Tensor loss, Tensor norm)
    {
        using IDisposable noGrad = no_grad();
        Tensor added_2 = stack([loss, norm.to(ScalarType.Float64)]);
        Tensor isBad = _isBad.logical_or(added_2.isfinite().all().logical_not());
        Tensor sum_2 = _figures_4.narrow(0, 0, 2);
        Tensor next_2 = cat([loss.view(1), ones_like(loss).view(1)]).add_(sum_2);
        Tensor figures_4 = cat([where(isBad, sum_2, next_2), where(_isBad, _figures_4.narrow(0, 2, 2), added_2)]);
        Replace(isBad, figures_4);
        Unread++;
    }

    /// <summary>The sum of the losses of the steps not read yet, and the norm of the last gradient; the device is waited for.</summary>
    /// <param name="steps">The number of the last step.</param>
    /// <exception cref="ArithmeticException">The loss or the gradient of a step was not finite.</exception>
    public (double Loss, double Norm) Read(long steps)
    {
        double[] figures = [.. _figures_4.cpu().data<double>()];
        (double loss, double good, double last, double norm) = (figures[0], figures[1], figures[2], figures[3]);
        if (good < Unread)
        {
            throw Divergence.Error($"the loss of step {steps - Unread + (long)good + 1} is {last}, its gradient norm {norm}");
        }

        Unread = 0;
        using IDisposable noGrad = no_grad();
        _figures_4.narrow(0, 0, 2).zero_();
        return (loss, norm);
    }

    public void Dispose()
    {
        _isBad.Dispose();
        _figures_4.Dispose();
    }

    private void Replace(Tensor isBad, Tensor figures_4)
    {
        Dispose();
        _isBad = isBad.DetachFromDisposeScope();
        _figures_4 = figures_4.DetachFromDisposeScope();
    }
}
