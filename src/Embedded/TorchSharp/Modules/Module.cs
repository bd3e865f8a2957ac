using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A part of a network: it holds parameters, buffers and other modules under their names.</summary>
        public partial class Module : IDisposable
        {
            protected string? name;

            private readonly OrderedDictionary<string, Parameter> _parametersByName = [];
            private readonly OrderedDictionary<string, (Tensor Tensor, bool Persistent)> _buffersByName = [];
            private readonly OrderedDictionary<string, Module> _modulesByName = [];
            private bool _training = true;
            private bool _registered;

            protected Module(string name) => this.name = name;

            public virtual bool training => _training;

            public virtual string GetName() => string.IsNullOrEmpty(name) ? GetType().Name : name;

            public virtual void train(bool train = true)
            {
                _training = train;
                foreach (var module in children()) module.train(train);
            }

            public virtual void eval() => train(false);

            public virtual Module apply(Action<Module> fn)
            {
                foreach (var module in children()) module.apply(fn);
                fn(this);
                return this;
            }

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters())
                {
                    using var grad = parameter.grad;
                    if (set_to_none) parameter.grad = null;
                    else grad?.zero_();
                }
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing) return;
                foreach (var tensor in _parametersByName.Values) tensor.Dispose();
                foreach (var (tensor, _) in _buffersByName.Values) tensor.Dispose();
                foreach (var module in _modulesByName.Values) module.Dispose();
            }

            /// <summary>Registers the modules, parameters and buffers that the fields hold, under the fields' names.</summary>
            protected virtual void RegisterComponents()
            {
                if (_registered) return;
                _registered = true;
                for (var type = GetType(); type != typeof(Module) && type is not null; type = type.BaseType)
                {
                    const BindingFlags own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
                    foreach (var field in type.GetFields(own)) Register(field);
                }
            }

            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null)
                {
                    _modulesByName.Remove(name);
                    return;
                }
                Require(name, "module");
                if (!_modulesByName.TryAdd(name, submodule))
                    throw new InvalidOperationException($"Sub-module {name} is already registered.");
                submodule.RegisterComponents();
            }

            public void add_module(string name, Module module) => register_module(name, module);

            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null)
                {
                    _parametersByName.Remove(name);
                    return;
                }
                Require(name, "parameter");
                param.DetachFromDisposeScope();
                if (!_parametersByName.TryAdd(name, param))
                    throw new InvalidOperationException($"Parameter {name} is already registered.");
            }

            /// <param name="name">Its name in state_dict.</param>
            /// <param name="tensor">A tensor that is part of the state but not learned.</param>
            /// <param name="persistent">Whether it is saved.</param>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                Require(name, "buffer");
                tensor.DetachFromDisposeScope();
                if (!_buffersByName.TryAdd(name, (tensor, persistent)))
                    throw new InvalidOperationException($"Buffer {name} is already registered.");
            }

            protected void ConditionallyRegisterParameter(string name, Tensor value)
            {
                if (value is null) _parametersByName.Remove(name);
                else _parametersByName[name] = value as Parameter ?? new Parameter(value);
            }

            protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
            {
                if (value is null) _buffersByName.Remove(name);
                else _buffersByName[name] = (value, persistent);
            }

            protected void ClearModules() => _modulesByName.Clear();

            /// <summary>For modules that register what they hold themselves.</summary>
            private protected void ComponentsAreRegistered() => _registered = true;

            private void Register(FieldInfo field)
            {
                string key = field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;
                if (_parametersByName.ContainsKey(key) || _buffersByName.ContainsKey(key) || _modulesByName.ContainsKey(key)) return;
                switch (field.GetValue(this))
                {
                    case Module module:
                        register_module(key, module);
                        break;
                    case Parameter parameter:
                        register_parameter(key, parameter);
                        break;
                    case Tensor buffer:
                        register_buffer(key, buffer);
                        break;
                }
            }

            private static void Require(string name, string kind)
            {
                if (string.IsNullOrEmpty(name) || name.Contains('.'))
                    throw new ArgumentException($"The name of a {kind} is neither empty nor holds a dot; this one is '{name}'.");
            }
        }
    }
}
