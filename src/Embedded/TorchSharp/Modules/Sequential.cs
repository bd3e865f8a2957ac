namespace TorchSharp.Modules
{
    /// <summary>Modules in a row: what one gives, the next takes.</summary>
    public class Sequential : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private readonly List<torch.nn.IModule<torch.Tensor, torch.Tensor>> _steps = [];

        protected internal Sequential(params (string name, torch.nn.Module<torch.Tensor, torch.Tensor> submodule)[] modules)
            : base(nameof(Sequential))
        {
            foreach (var (name, module) in modules) append(name, module);
        }

        protected internal Sequential(params torch.nn.Module<torch.Tensor, torch.Tensor>[] modules)
            : base(nameof(Sequential))
        {
            foreach (var module in modules) append(module);
        }

        public int Count => _steps.Count;

        /// <summary>Adds a step under its number.</summary>
        public Sequential append(torch.nn.IModule<torch.Tensor, torch.Tensor> module) => append(Count.ToString(), module);

        public Sequential append(string name, torch.nn.IModule<torch.Tensor, torch.Tensor> module)
        {
            register_module(name, (torch.nn.Module)module);
            _steps.Add(module);
            return this;
        }

        /// <summary>Disposes what the steps hand on, as soon as the next step has taken it.</summary>
        public override torch.Tensor forward(torch.Tensor tensor)
        {
            using var scope = torch.NewDisposeScope();
            var result = _steps.Aggregate(tensor, (value, step) => step.call(value));
            return scope.MoveToOuter(ReferenceEquals(result, tensor) ? tensor.alias() : result);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) =>
                new(modules);

            public static Modules.Sequential Sequential(params Module<Tensor, Tensor>[] modules) => new(modules);
        }
    }
}
