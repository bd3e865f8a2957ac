using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static unsafe class autograd
    {
        /// <summary>Adds the gradients of <paramref name="tensors"/> to the `grad` of the leaves they came from.</summary>
        /// <param name="tensors">What is differentiated.</param>
        /// <param name="grad_tensors">The gradient of each tensor; may be left out for single numbers, whose gradient is
        /// 1.</param>
        /// <param name="retain_graph">Keeps the graph for another backward pass. Default: as create_graph.</param>
        /// <param name="create_graph">Records the backward pass itself, for higher derivatives.</param>
        /// <param name="inputs">Only these leaves take gradients. Default: all.</param>
        public static void backward(
            IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false,
            IList<Tensor>? inputs = null)
        {
            var (roots, gradients, leaves) = (Handles(tensors), Handles(grad_tensors), Handles(inputs));
            bool succeeded;
            fixed (nint* r = roots, g = gradients, l = leaves)
                succeeded = LibTorch.mos_backward(
                    r, roots.Length, g, gradients.Length, retain_graph ?? create_graph, create_graph, l, leaves.Length);
            KeepAlive(tensors, grad_tensors, inputs);
            LibTorch.Check(succeeded);
        }

        public static void backward(
            Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false,
            IList<Tensor>? inputs = null) => backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(
            Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false,
            IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        /// <summary>
        /// The gradients of <paramref name="outputs"/> with respect to <paramref name="inputs"/>; no `grad` is touched.
        /// </summary>
        /// <param name="outputs">What is differentiated.</param>
        /// <param name="inputs">With respect to what.</param>
        /// <param name="grad_outputs">The gradient of each output; may be left out for single numbers.</param>
        /// <param name="retain_graph">Keeps the graph for another backward pass.</param>
        /// <param name="create_graph">Records the backward pass itself, for higher derivatives.</param>
        /// <param name="allow_unused">Allows inputs that no output depends on; their gradient is null.</param>
        public static IList<Tensor> grad(
            IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false,
            bool create_graph = false, bool allow_unused = false)
        {
            var (roots, leaves, gradients) = (Handles(outputs), Handles(inputs), Handles(grad_outputs));
            var results = new nint[leaves.Length];
            bool succeeded;
            fixed (nint* r = roots, l = leaves, g = gradients, found = results)
                succeeded = LibTorch.mos_grad(
                    r, roots.Length, l, leaves.Length, g, gradients.Length, retain_graph || create_graph, create_graph,
                    allow_unused, found);
            KeepAlive(outputs, inputs, grad_outputs);
            LibTorch.Check(succeeded);
            return Array.ConvertAll(results, handle => handle == 0 ? null! : new Tensor(handle));
        }

        private static nint[] Handles(IList<Tensor>? tensors)
        {
            var handles = new nint[tensors?.Count ?? 0];
            for (int i = 0; i < handles.Length; i++) handles[i] = tensors![i]?.Handle ?? 0;
            return handles;
        }

        private static void KeepAlive(params ReadOnlySpan<IList<Tensor>?> lists)
        {
            foreach (var list in lists)
                foreach (var tensor in list ?? [])
                    GC.KeepAlive(tensor);
        }
    }
}
