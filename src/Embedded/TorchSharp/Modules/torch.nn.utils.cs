using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Scales the gradients down together when their joint norm is above <paramref name="max_norm"/>.</summary>
            /// <returns>The norm before.</returns>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                using var scope = NewDisposeScope();
                using var mode = no_grad();
                var gradients = tensors.Select(tensor => tensor.grad!).Where(grad => grad is not null).ToList();
                if (gradients.Count == 0) return 0;
                var device = gradients[0].device;
                var norms = stack(gradients.Select(grad => grad.norm((float)norm_type).to(device)));
                double total = norms.norm((float)norm_type).ToDouble();
                double factor = max_norm / (total + 1e-6);
                if (factor < 1)
                    foreach (var grad in gradients)
                        grad.mul_(factor);
                return total;
            }

            /// <summary>Limits every element of the gradients to ± <paramref name="clip_value"/>.</summary>
            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var mode = no_grad();
                foreach (var tensor in tensors)
                {
                    using var grad = tensor.grad;
                    grad?.clamp_(-clip_value, clip_value);
                }
            }
        }
    }
}
