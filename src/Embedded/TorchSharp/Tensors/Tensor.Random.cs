using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Op Bernoulli = new("bernoulli"), BernoulliP_ = new("bernoulli_.float"),
            BernoulliTensor_ = new("bernoulli_.Tensor"), Uniform_ = new("uniform_"), Normal_ = new("normal_"),
            Random_ = new("random_.from"), Exponential_ = new("exponential_"), Geometric_ = new("geometric_"),
            LogNormal_ = new("log_normal_"), Cauchy_ = new("cauchy_"), Multinomial = new("multinomial"),
            Poisson = new("poisson");

        /// <summary>Ones with the probabilities this tensor holds, zeros otherwise.</summary>
        public Tensor bernoulli(Generator? generator = null) => Bernoulli.Call(this, generator);

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => BernoulliP_.InPlace(this, p, generator);
        public Tensor bernoulli_(Tensor p, Generator? generator = null) => BernoulliTensor_.InPlace(this, p, generator);
        public Tensor uniform_(double from, double to, Generator? generator = null) =>
            Uniform_.InPlace(this, from, to, generator);
        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) =>
            Normal_.InPlace(this, mean, std, generator);
        public Tensor random_(double from, double to, Generator? generator = null) =>
            Random_.InPlace(this, (long)from, (long)to, generator);
        public Tensor exponential_(double lambda = 1, Generator? generator = null) =>
            Exponential_.InPlace(this, lambda, generator);
        public Tensor geometric_(double p, Generator? generator = null) => Geometric_.InPlace(this, p, generator);
        public Tensor log_normal_(double mean = 0, double std = 1, Generator? generator = null) =>
            LogNormal_.InPlace(this, mean, std, generator);
        public Tensor cauchy_(double median = 0, double sigma = 1, Generator? generator = null) =>
            Cauchy_.InPlace(this, median, sigma, generator);
        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            Multinomial.Call(this, num_samples, replacement, generator);
        public Tensor poisson(Generator? generator = null) => Poisson.Call(this, generator);
    }
}
