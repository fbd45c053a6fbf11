"""What leaves with an organization."""

from parvis.foundation.export import exported

exported("worktime.WorkingTimePolicy")
exported("worktime.Contract")
exported("worktime.OwnHours")
exported("worktime.Leave")
exported("worktime.UrgentCall")
exported("worktime.Representative")
exported("worktime.HeldTally")
exported("worktime.GroupFigures")
