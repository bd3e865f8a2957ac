using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <param name="parameters">What is learned.</param>
        /// <param name="lr">The first step along the gradient.</param>
        /// <param name="lambd">How fast parameters and step shrink.</param>
        /// <param name="alpha">The power by which the step shrinks.</param>
        /// <param name="t0">The step from which on the mean is taken.</param>
        /// <param name="weight_decay">Adds this times the parameter to its gradient.</param>
        /// <param name="maximize">Climbs rather than descends.</param>
        public static ASGD ASGD(
            IEnumerable<Parameter> parameters, double lr = 0.001, double lambd = 0.0001, double alpha = 0.75, double t0 = 1000000,
            double weight_decay = 0, bool maximize = false) => new(parameters, lr, lambd, alpha, t0, weight_decay, maximize);

        public static ASGD ASGD(
            IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.001, double lambd = 0.0001,
            double alpha = 0.75,
            double t0 = 1000000, double weight_decay = 0, bool maximize = false) =>
            new(parameters.Select(entry => entry.parameter), lr, lambd, alpha, t0, weight_decay, maximize);

        public static ASGD ASGD(
            IEnumerable<ParamGroup<ASGD.Options>> parameters, double lr = 0.001, double lambd = 0.0001, double alpha = 0.75,
            double t0 = 1000000, double weight_decay = 0, bool maximize = false) =>
            new(parameters, lr, lambd, alpha, t0, weight_decay, maximize);
    }
}
