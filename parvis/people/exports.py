"""What leaves with an organization."""

from parvis.foundation.export import exported

exported("people.Unit")
exported("people.Person", without=("identity", "sort_name"))
exported("people.PersonFollow")
exported("people.Invitation", without=("token_hash",))
