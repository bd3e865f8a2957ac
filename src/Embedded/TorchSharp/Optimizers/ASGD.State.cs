namespace TorchSharp.Modules;

public partial class ASGD
{
    public class Options : OptimizerOptions
    {
        public bool? maximize;
        public double? lambd;
        public double? alpha;
        public double? weight_decay;
        public double? t0;

        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            writer.Write(maximize!.Value);
            writer.Write(lambd!.Value);
            writer.Write(alpha!.Value);
            writer.Write(weight_decay!.Value);
            writer.Write(t0!.Value);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            maximize = reader.ReadBoolean();
            lambd = reader.ReadDouble();
            alpha = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
            t0 = reader.ReadDouble();
        }

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            (maximize, lambd, alpha, weight_decay, t0) = (other.maximize, other.lambd, other.alpha, other.weight_decay, other.t0);
        }
    }

    public class ParamGroup : ParamGroup<Options>
    {
        public ParamGroup()
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options)
            : base(parameters, options)
        {
        }

        public ParamGroup(
            IEnumerable<Parameter> parameters, double lr = 0.01, double lambd = 0.0001, double alpha = 0.75, double t0 = 1000000,
            double weight_decay = 0)
            : base(parameters, new Options { LearningRate = lr, lambd = lambd, alpha = alpha, t0 = t0, weight_decay = weight_decay })
        {
        }
    }

    public sealed class State : OptimizerState, IDisposable
    {
        public long step;
        public double eta;
        public double mu;
        public torch.Tensor ax = null!;

        public State(Parameter parameter)
            : base(parameter)
        {
        }

        public override void Initialize(OptimizerOptions options)
        {
            (step, eta, mu) = (0, options.LearningRate!.Value, 1);
            Replace(ref ax!, Zeros());
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            writer.Write(step);
            writer.Write(eta);
            writer.Write(mu);
            ax.Save(writer);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            step = reader.ReadInt64();
            eta = reader.ReadDouble();
            mu = reader.ReadDouble();
            ax.Load(reader);
        }

        public override void LoadStateDict(OptimizerState source)
        {
            var other = (State)source;
            (step, eta, mu) = (other.step, other.eta, other.mu);
            Replace(ref ax!, Copy(other.ax));
        }

        public override bool ApproximatelyEquals(OptimizerState other) =>
            other is State state && step == state.step && eta == state.eta && mu == state.mu && Same(ax, state.ax);

        public override void to(torch.Device device) => Replace(ref ax!, ax.to(device));

        public void Dispose() => Replace(ref ax!, null);
    }
}
