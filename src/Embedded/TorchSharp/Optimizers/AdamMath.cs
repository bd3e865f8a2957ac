namespace TorchSharp.Modules;

/// <summary>What Adam and AdamW have in common: all but what weight decay is added to.</summary>
internal static class AdamMath
{
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    internal static void Check(double lr, double beta1, double beta2, double eps, double weight_decay)
    {
        if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
        if (beta1 is < 0 or >= 1) throw new ArgumentException($"Invalid beta1, not in [0, 1): {beta1}");
        if (beta2 is < 0 or >= 1) throw new ArgumentException($"Invalid beta2, not in [0, 1): {beta2}");
        if (eps < 0) throw new ArgumentException($"Invalid epsilon: {eps}");
        if (weight_decay < 0) throw new ArgumentException($"Invalid weight decay: {weight_decay}");
    }

    /// <summary>Takes the gradient into the running means, and steps by them.</summary>
    /// <param name="step">Which step this is, from 1.</param>
    internal static void Step(
        Parameter parameter, torch.Tensor grad, long step, torch.Tensor mean, torch.Tensor square, torch.Tensor? largest,
        double lr, double beta1, double beta2, double eps)
    {
        mean.mul_(beta1).add_(grad, 1 - beta1);
        square.mul_(beta2).addcmul_(grad, grad, 1 - beta2);
        if (largest is not null) square = largest.copy_(largest.maximum(square));
        double correction = Math.Sqrt(1 - Math.Pow(beta2, step));
        var divisor = square.sqrt().div_(correction).add_(eps);
        parameter.addcdiv_(mean, divisor, -lr / (1 - Math.Pow(beta1, step)));
    }
}
