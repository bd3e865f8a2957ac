using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Op Detach = new("detach"), Detach_ = new("detach_");

        /// <summary>Whether gradients end here: no operator recorded how it came to be.</summary>
        public bool is_leaf
        {
            get
            {
                bool leaf = LibTorch.mos_tensor_is_leaf(Handle);
                GC.KeepAlive(this);
                return leaf;
            }
        }

        public bool requires_grad
        {
            get => Describe().RequiresGrad;
            set
            {
                LibTorch.Check(LibTorch.mos_tensor_set_requires_grad(Handle, value));
                GC.KeepAlive(this);
            }
        }

        /// <summary>The gradient gathered so far; null before the first backward pass.</summary>
        public unsafe Tensor? grad
        {
            get
            {
                nint found;
                LibTorch.Check(LibTorch.mos_tensor_grad(Handle, &found));
                GC.KeepAlive(this);
                return found == 0 ? null : new Tensor(found);
            }
            set
            {
                LibTorch.Check(LibTorch.mos_tensor_set_grad(Handle, value?.Handle ?? 0));
                GC.KeepAlive(value);
                GC.KeepAlive(this);
            }
        }

        public Tensor requires_grad_(bool requires_grad = true) => with_requires_grad(requires_grad);

        public Tensor with_requires_grad(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        /// <summary>Keeps `grad` on a tensor that is no leaf.</summary>
        public void retain_grad()
        {
            LibTorch.Check(LibTorch.mos_tensor_retain_grad(Handle));
            GC.KeepAlive(this);
        }

        public Tensor detach() => Detach.Call(this);

        public Tensor detach_() => Detach_.InPlace(this);

        /// <summary>Differentiates this single number with respect to the leaves it came from.</summary>
        public void backward() => autograd.backward(this);
    }
}
