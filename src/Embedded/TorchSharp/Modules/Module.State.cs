namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>The state as a dictionary, and as a stream in the official package's own format.</summary>
        public partial class Module
        {
            /// <summary>
            /// Parameters and persistent buffers, by their names below this module. They are the module's own, not copies.
            /// </summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                string before = string.IsNullOrEmpty(prefix) ? "" : prefix + ".";
                foreach (var (key, parameter) in named_parameters()) destination.TryAdd(before + key, parameter);
                foreach (var (key, buffer) in named_buffers(include_nonpersistent: false)) destination.TryAdd(before + key, buffer);
                // A tied parameter stands under each of its names.
                foreach (var (key, child) in named_children()) child.state_dict(destination, before + key);
                return destination;
            }

            /// <summary>Copies the values of <paramref name="source"/> into this module.</summary>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var own = state_dict();
                List<string> missing = [.. own.Keys.Except(source.Keys).Except(skip ?? [])];
                List<string> unexpected = [.. source.Keys.Except(own.Keys).Except(skip ?? [])];
                if (strict && missing.Count + unexpected.Count > 0)
                    throw new InvalidOperationException(
                        $"The state does not fit this module. Missing: {Names(missing)}; unexpected: {Names(unexpected)}.");
                using (no_grad())
                {
                    foreach (string key in own.Keys.Intersect(source.Keys).Except(skip ?? []))
                    {
                        if (!own[key].shape.SequenceEqual(source[key].shape))
                            throw new ArgumentException($"'{key}' has shape {own[key]} here, and {source[key]} in the state.");
                        own[key].copy_(source[key]);
                    }
                }
                return (missing, unexpected);
            }

            public Module save(string location, IList<string>? skip = null) => save(File.Create(location), skip);

            /// <summary>Writes the state, and closes the stream.</summary>
            public Module save(Stream stream, IList<string>? skip = null)
            {
                using var writer = new BinaryWriter(stream);
                return save(writer, skip);
            }

            public Module save(BinaryWriter writer, IList<string>? skip = null)
            {
                save_state_dict(writer, state_dict(), skip);
                return this;
            }

            public static void save_state_dict(BinaryWriter writer, Dictionary<string, Tensor> sd, IList<string>? skip = null)
            {
                var entries = sd.Where(entry => skip is null || !skip.Contains(entry.Key)).ToList();
                writer.Write7BitEncodedInt64(entries.Count);
                foreach (var (key, tensor) in entries)
                {
                    writer.Write(key);
                    tensor.Save(writer);
                }
            }

            public virtual Module load(
                string location, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                if (!File.Exists(location)) throw new FileNotFoundException($"There is no file {location}.", location);
                return load(File.OpenRead(location), strict, skip, loadedParameters);
            }

            /// <summary>Reads the state, and closes the stream.</summary>
            public Module load(Stream stream, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using var reader = new BinaryReader(stream);
                return load(reader, strict, skip, loadedParameters);
            }

            public virtual Module load(
                BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                var own = state_dict();
                long count = reader.Read7BitEncodedInt64();
                if (strict && count != own.Count)
                    throw new ArgumentException($"The stream holds {count} tensors; this module has {own.Count}.");
                for (long i = 0; i < count; i++)
                {
                    string key = reader.ReadString();
                    bool found = own.TryGetValue(key, out var tensor);
                    if (strict && !found)
                        throw new ArgumentException($"The stream holds '{key}', which this module does not have.");
                    if (found && skip?.Contains(key) != true) tensor!.Load(reader);
                    else TensorExtensionMethods.Load(reader, skip: true).Dispose();
                    loadedParameters?.Add(key, found);
                }
                return this;
            }

            private static string Names(List<string> keys) => keys.Count == 0 ? "none" : string.Join(", ", keys);
        }
    }
}
