from reading import Reading

work = Reading()
