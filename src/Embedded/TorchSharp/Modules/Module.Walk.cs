using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>
        /// What the module and those below it hold; a tensor reached on two ways appears once, under the first name.
        /// </summary>
        public partial class Module
        {
            public virtual IEnumerable<(string name, Module module)> named_children() =>
                _modulesByName.Select(entry => (entry.Key, entry.Value));

            public virtual IEnumerable<Module> children() => named_children().Select(child => child.module);

            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in named_children()) yield return child;
                foreach (var (outer, child) in named_children())
                    foreach (var (inner, module) in child.named_modules())
                        yield return ($"{outer}.{inner}", module);
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(entry => entry.module);

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var own = _parametersByName.Select(entry => (entry.Key, entry.Value));
                return Distinct(recurse ? own.Concat(Below(child => child.named_parameters())) : own);
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) =>
                named_parameters(recurse).Select(entry => entry.parameter);

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var own = _buffersByName.Where(entry => include_nonpersistent || entry.Value.Persistent)
                    .Select(entry => (entry.Key, entry.Value.Tensor));
                return Distinct(recurse ? own.Concat(Below(child => child.named_buffers(true, include_nonpersistent))) : own);
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(entry => entry.buffer);

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            public virtual Parameter? get_parameter(string target) =>
                Find(target, (module, key) => module._parametersByName.GetValueOrDefault(key));

            public virtual Tensor? get_buffer(string target) =>
                Find(target, (module, key) => module._buffersByName.GetValueOrDefault(key).Tensor);

            private IEnumerable<(string, T)> Below<T>(Func<Module, IEnumerable<(string, T)>> entries) =>
                named_children().SelectMany(child => entries(child.module).Select(entry => ($"{child.name}.{entry.Item1}", entry.Item2)));

            private static IEnumerable<(string, T)> Distinct<T>(IEnumerable<(string, T)> entries) where T : Tensor =>
                entries.Where(entry => !entry.Item2.IsInvalid).DistinctBy(entry => entry.Item2.Handle);

            private T? Find<T>(string target, Func<Module, string, T?> find) where T : Tensor
            {
                if (find(this, target) is { } found) return found;
                int dot = target.IndexOf('.');
                return dot > 0 && _modulesByName.TryGetValue(target[..dot], out var child) ? child.Find(target[(dot + 1)..], find) : null;
            }
        }
    }
}
