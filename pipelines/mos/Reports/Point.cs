namespace Mos.Reports;

internal readonly record struct Point(double X, double Y);
