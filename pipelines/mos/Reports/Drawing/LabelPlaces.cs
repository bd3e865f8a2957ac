namespace Mos.Reports.Drawing;

/// <summary>Finds places for the labels of points at which they hide neither a point nor each other.</summary>
/// <param name="right">The right end of the drawing.</param>
/// <param name="top">The upper end.</param>
internal sealed class LabelPlaces(double right, double top)
{
    private const double CharacterWidth = 7.5, Height = 14, Distance = 8;

    private readonly List<Box> _taken = [];

    /// <summary>Keeps a place free of labels.</summary>
    public void Take(double left, double top, double right, double bottom) => _taken.Add(new(left, top, right, bottom));

    /// <summary>Where the label begins, on its base line; null if there is no room for it.</summary>
    public Point? Find(Point at, string label)
    {
        double width = label.Length * CharacterWidth;
        Point[] places =
        [
            new(at.X + Distance, at.Y + 4),
            new(at.X - Distance - width, at.Y + 4),
            new(at.X + Distance - 3, at.Y - 7),
            new(at.X + Distance - 3, at.Y + 16),
            new(at.X - Distance - width + 3, at.Y - 7),
            new(at.X - Distance - width + 3, at.Y + 16),
        ];
        foreach (Point place in places)
        {
            var box = new Box(place.X, place.Y - Height + 3, place.X + width, place.Y + 3);
            if (box.Left >= 0 && box.Right <= right && box.Top >= top && !_taken.Any(box.Meets))
            {
                _taken.Add(box);
                return place;
            }
        }

        return null;
    }

    private readonly record struct Box(double Left, double Top, double Right, double Bottom)
    {
        public bool Meets(Box other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;
    }
}
