"""Roster imports (名册导入): read a sheet, judge each row against what is registered, apply all or nothing."""
