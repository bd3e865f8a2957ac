namespace Mos.Reports.Drawing;

/// <summary>Finds places for the labels of points at which they hide neither a point nor each other.</summary>
/// <param name="left">The left end of where labels may be.</param>
/// <param name="top">The upper end.</param>
/// <param name="right">The right end.</param>
/// <param name="bottom">The lower end.</param>
internal sealed class LabelPlaces(double left, double top, double right, double bottom)
{
    // Of the larger of the two sizes that the style sheet has for texts, that of narrow screens.
    private const double CharacterWidth = 8.7, Height = 17, Distance = 8;

    private readonly List<Box> _taken = [];

    /// <summary>Keeps the place around a point free of labels.</summary>
    public void Keep(Point at, double distance) => _taken.Add(new(at.X - distance, at.Y - distance, at.X + distance, at.Y + distance));

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
            new(at.X - (width / 2), at.Y - 9),
            new(at.X - (width / 2), at.Y + 19),
        ];
        foreach (Point place in places)
        {
            var box = new Box(place.X, place.Y - Height + 4, place.X + width, place.Y + 4);
            if (box.Left >= left && box.Right <= right && box.Top >= top && box.Bottom <= bottom && !_taken.Any(box.Meets))
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
